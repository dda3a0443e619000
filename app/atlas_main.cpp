#include "app/cli/cli.h"

#include <iostream>

int main(int argc, char** argv) {
    return atlas::cli::run(argc, argv, std::cout, std::cerr);
}
