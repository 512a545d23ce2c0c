"""What happens on each row of the table: a move changes the machine and names the next stage.

A move does not ask what stage it is in (the table has decided that); where a row allows several
next stages the move picks one, and ``None`` is "stay". Moves share one signature, used or not.
"""
