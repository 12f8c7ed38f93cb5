"""Drawing in public: the seed that many hands make, and what is drawn from it."""
