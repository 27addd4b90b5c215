# `return` and `break` in the suite run the finally clause on the way out.
def first(numbers):
    for number in numbers:
        try:
            return number
        finally:
            print "leaving with", number

print first([1, 2, 3])
while 1:
    try:
        break
    finally:
        print "leaving the loop"
