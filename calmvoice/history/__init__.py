"""Looking back: the pauses week by week, drawn, saved, and never judged."""
