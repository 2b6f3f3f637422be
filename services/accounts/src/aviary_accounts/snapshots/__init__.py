"""The portfolio as it was: taken every few minutes and after fills, sampled, thinned with age."""
