#include "app/application.h"

int main(int argc, char** argv) {
    return atlas::app::runApplication(argc, argv);
}
