# `return` in the suite. The value is computed first, then `finally`
# runs, then the caller gets that value, whatever the clause did to the name.

def total():
    answer = 42
    try:
        return answer
    finally:
        answer = 0
        print("cleanup, answer is now", answer)


print("the caller gets", total())
