"""What nobody foresaw: one dialog with a code, and details that hold no personal data."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtWidgets import QApplication, QWidget

from posko_app import __version__

from . import dialogs

CODE = "PSK-901"


def details(error: BaseException) -> str:
    """Where it happened, without the message of the error: that may hold names or numbers."""
    lines = [
        f"Kode {CODE} · Posko {__version__} · Python {platform.python_version()} · Qt {qVersion()}",
        f"{platform.system()} {platform.release()} · {type(error).__name__}",
    ]
    for frame in traceback.extract_tb(error.__traceback__):
        parts = frame.filename.replace("\\", "/").split("/")
        lines.append(f"{'/'.join(parts[-2:])}:{frame.lineno} {frame.name}")
    return "\n".join(lines)


class CrashReporter(QObject):
    """Takes what reaches `sys.excepthook`, also from threads, and shows it once at a time."""

    _reported = Signal(object)

    def __init__(self, parent: QWidget, saved_at: Callable[[], str]) -> None:
        super().__init__(parent)
        self._window, self._saved_at = parent, saved_at
        self._showing = False
        self._reported.connect(self._on_reported)

    def install(self) -> None:
        """Become the last resort of this process."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def report(self, error: BaseException) -> None:
        """Tell the user; safe from any thread."""
        self._reported.emit(error)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        sys.__excepthook__(kind, error, trace)
        self.report(error)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)

    @Slot(object)
    def _on_reported(self, error: BaseException) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            saved = self._saved_at()
            safe = f"Data terakhir tersimpan {saved}. " if saved else "Data yang tersimpan aman. "
            text = (
                "Terjadi masalah yang belum dikenali. "
                + safe
                + f"Tutup dan buka lagi Posko; bila berulang, kirim rincian ini (kode {CODE})."
            )
            dialogs.message(
                self._window,
                "Posko mengalami masalah",
                text,
                tone="problem",
                details=details(error),
            )
        finally:
            self._showing = False
