"""What wallets send through Gateway: written down before it is sent, one at a time, followed to its end."""
