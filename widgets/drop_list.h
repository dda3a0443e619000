// A list to choose from, with the program's own mark of what opens.
#pragma once

#include <QComboBox>

namespace atlas::widgets {

class DropList : public QComboBox {
    Q_OBJECT
public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace atlas::widgets
