"""What the site writes by itself: reference pages made from the code they are about, so that they cannot disagree."""
