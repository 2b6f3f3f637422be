"""Whether the bots' broker lets somebody in."""

import aiomqtt


async def is_let_in(host: str, port: int, username: str, password: str) -> bool:
    identifier = f"hbot.{username}"
    client = aiomqtt.Client(host, port, username=username, password=password, identifier=identifier, timeout=10)
    try:
        async with client:
            return True
    except aiomqtt.MqttError:
        return False
