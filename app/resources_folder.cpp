#include "app/resources_folder.h"

#include "app/cli/command.h"

namespace atlas::app {

QString resourcesFolder() {
    return QString::fromStdString(cli::resourcesFolder());
}

} // namespace atlas::app
