"""``/system/resources`` and ``/storage``: the machine under the bots, and the room that they take."""
