#include "app/pages/exhibit.h"

#include "app/validity_text.h"

namespace atlas::app {

widgets::Caption marked(widgets::Caption caption, const Exhibit& exhibit, const Evidence& evidence) {
    if (caption.caveat.isEmpty() && exhibit.claims == Claims::ThePanes && evidence.workspace) {
        caption.caveat = captionCaveat(*evidence.workspace);
    }
    return caption;
}

} // namespace atlas::app
