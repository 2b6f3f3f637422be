"""One owner per account and connector: it listens to the venue, looks up what is unclear, keeps balances fresh."""
