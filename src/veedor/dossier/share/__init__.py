"""What a dossier gives to those who pass it on: addresses, cards, descriptions, citations."""
