# Runs programs under the Python that runs this file, each in a fork of one fresh interpreter that then runs the
# program as `__main__` and ends as usual (finalisation of modules and all). One request a line on fd 3, one answer
# a line on fd 4.
import gc, json, os, signal, sys, tempfile


def _go(source, path, main):
    try:
        exec(compile(source, path, "exec", dont_inherit=True), main)
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            return e.code
        print(e.code, file=sys.stderr)
        return 1
    except BaseException as e:
        tb = e.__traceback__
        while tb is not None and tb.tb_frame.f_globals is globals():
            tb = tb.tb_next
        e.__traceback__ = tb
        sys.excepthook(type(e), e, tb)
        return 130 if isinstance(e, KeyboardInterrupt) else 1
    return 0


def _child(path, files, seconds):
    for fd, f in enumerate(files):
        os.dup2(f, fd)
    os.close(3)
    os.close(4)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
    sys.argv[:] = [path]
    sys.path[0] = os.path.dirname(path)
    sys.setrecursionlimit(1002)
    os.chdir(os.path.dirname(path))
    signal.alarm(seconds)
    main = sys.modules["__main__"].__dict__
    for n in list(main):
        if not n.startswith("__"):
            del main[n]
    main["__file__"] = path
    main["__cached__"] = None
    with open(path, "rb") as f:
        source = f.read()
    return _go(source, path, main)


def serve(seconds):
    gc.collect()
    pending = b""
    while True:
        while b"\n" not in pending:
            more = os.read(3, 1 << 16)
            if not more:
                return
            pending += more
        line, pending = pending.split(b"\n", 1)
        request = json.loads(line)
        files = [tempfile.TemporaryFile() for _ in range(3)]
        files[0].write(request["stdin"].encode())
        files[0].flush()
        for f in files:
            os.lseek(f.fileno(), 0, 0)
        pid = os.fork()
        if pid == 0:
            code = _child(request["file"], [f.fileno() for f in files], seconds)
            del files, request, line
            sys.exit(code)
        _, status = os.waitpid(pid, 0)
        answer = {}
        if os.WIFSIGNALED(status):
            if os.WTERMSIG(status) == signal.SIGALRM:
                answer["timeout"] = True
            else:
                answer["broken"] = f"signal {os.WTERMSIG(status)}"
        else:
            for name, f in (("stdout", files[1]), ("stderr", files[2])):
                f.seek(0)
                answer[name] = f.read().decode("utf-8", "replace")
            answer["exit"] = os.WEXITSTATUS(status)
        for f in files:
            f.close()
        os.write(4, json.dumps(answer).encode() + b"\n")
