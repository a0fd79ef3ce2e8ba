#include "CNative.h"
