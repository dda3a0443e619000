#include "scenes/theme.h"
