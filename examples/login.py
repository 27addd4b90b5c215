# All four clauses of one `try`, around calls that this file does
# not define. Whichever way the check and the login go, the footer loads.

try:
    login_check()
except KeyError:
    print("unknown user")
else:
    login()
    print("welcome")
finally:
    page_footer()
