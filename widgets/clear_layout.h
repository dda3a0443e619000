// Emptying a layout whose rows are made anew.
#pragma once

#include <QLayout>
#include <QWidget>

namespace atlas::widgets {

/// Takes everything out; widgets are hidden at once and deleted when control returns to the event loop.
inline void clear(QLayout& layout) {
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

} // namespace atlas::widgets
