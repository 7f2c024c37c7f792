"""A plain file server, as any static host is one."""

import contextlib
import http.server
import threading
from functools import partial


class Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments, headers, **options):
        self.more = headers
        super().__init__(*arguments, **options)

    def log_message(self, *_):
        pass

    def end_headers(self):
        for name, value in self.more(self.path).items():
            self.send_header(name, value)
        super().end_headers()


@contextlib.contextmanager
def file_server(folder, headers=lambda path: {}):
    """Serve a folder on a free port, with the headers that a path has; yield the address."""
    handler = partial(Quiet, directory=folder, headers=headers)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
