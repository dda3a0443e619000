// Colours, spacing and type of the whole program; read from resources/theme.
#pragma once
