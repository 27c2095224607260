"""A script without ``if __name__ == "__main__":`` around its loop; importing it runs it."""

from joblib import Parallel, delayed


# region script
def square(number):
    return number * number


print(Parallel(n_jobs=2)(delayed(square)(number) for number in range(4)))
# endregion script
