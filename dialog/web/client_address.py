"""The network of the client, for limits that need no address of a person."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request


def client_network() -> str:
    """Return the client's network, /24 for IPv4 and /64 for IPv6. It is kept in memory only."""
    try:
        address = ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
