# A release: two loops around calls that no file defines, and a flag for each step that was done. A state says
# which steps were done, so there are millions of them. Somewhere among them the lock is not given back:
#
#     trylemma check examples/release.py --pair lock:unlock


def release():
    built = False
    linted = False
    tested = False
    signed = False
    packed = False
    stored = False
    mirrored = False
    announced = False
    tagged = False
    logged = False
    audited = False
    billed = False
    stage = 0
    lock()
    try:
        while behind():
            for target in targets():
                try:
                    if build():
                        built = True
                    if lint():
                        linted = True
                    if test():
                        tested = True
                    if sign():
                        signed = True
                    if pack():
                        packed = True
                    if store():
                        stored = True
                    if mirror():
                        mirrored = True
                    if announce():
                        announced = True
                    if tag():
                        tagged = True
                    if log():
                        logged = True
                    if audit():
                        audited = True
                    if bill():
                        billed = True
                except ValueError:
                    continue
            if stage == 0:
                if built:
                    if linted:
                        if tested:
                            if signed:
                                if packed:
                                    if stored:
                                        stage = 1
            elif stage == 1:
                if mirrored:
                    if announced:
                        if tagged:
                            if logged:
                                if audited:
                                    if billed:
                                        stage = 2
            elif stage == 2:
                return "released"
    except KeyError:
        stage = 0
    unlock()


release()
