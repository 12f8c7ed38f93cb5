"""The Bayesian mixture of Ferrari, McAlister and Mebane (eforensics), with states and station effects integrated out.

Needs the extra `veedor[bayes]`. Only `backend`, `stations`, `texts` and the modules without JAX can be imported
without it.
"""
