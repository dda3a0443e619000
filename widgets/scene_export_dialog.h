// Asks how large a picture of a scene is to be, and on what it will lie.
#pragma once

#include <QDialog>
#include <QSize>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace atlas::widgets {

class SceneExportDialog : public QDialog {
    Q_OBJECT
public:
    /// `pane`: the size on screen, the first choice at twice its pixels.
    explicit SceneExportDialog(QSize pane, QWidget* parent = nullptr);

    /// Pixels of the file.
    [[nodiscard]] QSize pixels() const;
    /// How many of them a line of one unit is wide: text keeps its size against the picture.
    [[nodiscard]] double scale() const;
    [[nodiscard]] bool transparent() const;
    [[nodiscard]] bool legend() const;
    [[nodiscard]] bool caption() const;
    /// What is in view on screen, else all there is.
    [[nodiscard]] bool asOnScreen() const;

private:
    void choosePreset(int index);
    void tellSize();

    QSize m_pane;
    QComboBox* m_presets;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QSpinBox* m_scale;
    QComboBox* m_ground;
    QComboBox* m_part;
    QCheckBox* m_legend;
    QCheckBox* m_caption;
    QLabel* m_told;
};

} // namespace atlas::widgets
