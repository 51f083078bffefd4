# SPDX-License-Identifier: MIT
"""The hosts of the fictional site and the one place where URLs are made."""

ROLES = {
    "www": "www.harbour-courier.example",
    "static": "static.harbour-courier.example",
    "short": "p.harbour-courier.example",
    "other": "www.inland-gazette.example",
}

DEFAULT_PORTS = {"http": 80, "https": 443}


class Urls:
    """Builds absolute URLs for one scheme, with clean authorities unless `ports` maps role -> port."""

    def __init__(self, scheme, ports=None):
        self.scheme = scheme
        self.ports = ports or {}

    def authority(self, role):
        """The host part of a URL: name, or name:port in the mode with ports."""
        port = self.ports.get(role)
        return ROLES[role] if port is None else f"{ROLES[role]}:{port}"

    def url(self, role, path):
        """Absolute URL of `path` (which starts with a slash) on the host of `role`."""
        return f"{self.scheme}://{self.authority(role)}{path}"

    def www(self, path):
        """URL on the main host."""
        return self.url("www", path)

    def static(self, path):
        """URL on the host of static files."""
        return self.url("static", path)

    def short(self, path):
        """URL on the short-link host."""
        return self.url("short", path)

    def other(self, path):
        """URL on the other publisher."""
        return self.url("other", path)
