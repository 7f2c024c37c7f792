"""nginx as docs/hosting/nginx.conf sets it up."""

import contextlib
import os
import re
import shutil
import subprocess
import urllib.request

from tests.hosting.conftest import ROOT, free_port

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
CONFIGURATION = ROOT / "docs" / "hosting" / "nginx.conf"


class Proxy:
    """nginx with the documented configuration, on ports of the test's own."""

    def __init__(self, folder, ports, **changed):
        self.port = free_port()
        text = CONFIGURATION.read_text().replace("listen 80;", f"listen {self.port};")
        for name, number in changed.items():
            text, found = re.subn(rf"({name}) \d+;", rf"\1 {number};", text)
            assert found
        for documented, port in zip(("5006", "5007"), ports, strict=True):
            text = text.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{port}")
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(
            f"pid {folder}/pid; daemon off; error_log {folder}/error.log; "
            "events { worker_connections 4096; }\n"
            f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;"
            f" fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f" include {folder}/site.conf; }}\n"
        )
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])
        self.address = f"http://127.0.0.1:{self.port}"

    def answers(self):
        with contextlib.suppress(OSError), urllib.request.urlopen(self.address, timeout=9) as told:
            return told.status == 200
        return False
