#include "widgets/scene_export_dialog.h"

#include "widgets/export_service.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

namespace atlas::widgets {

namespace {

constexpr int kSmallestSide = 64;
constexpr double kLargePixels = 250e6; ///< from here on a picture takes minutes and many programs refuse it
/// Sizes that pages, slides and walls have.
constexpr QSize kPresets[] = {{1600, 900},  {1920, 1080},  {3840, 2160},
                              {7680, 4320}, {16384, 9216}, {32768, 18432}};

} // namespace

SceneExportDialog::SceneExportDialog(QSize pane, QWidget* parent)
    : QDialog(parent)
    , m_pane(pane)
    , m_presets(new QComboBox)
    , m_width(new QSpinBox)
    , m_height(new QSpinBox)
    , m_scale(new QSpinBox)
    , m_ground(new QComboBox)
    , m_part(new QComboBox)
    , m_legend(new QCheckBox(tr("Legend")))
    , m_caption(new QCheckBox(tr("Name and source")))
    , m_told(new QLabel) {
    setObjectName(QStringLiteral("exportSceneDialog"));
    setWindowTitle(tr("Export scene"));
    m_presets->addItem(tr("As on screen, twice as fine"));
    for (const QSize& size : kPresets) {
        m_presets->addItem(QStringLiteral("%1 × %2").arg(size.width()).arg(size.height()));
    }
    m_presets->addItem(tr("Another size"));
    for (QSpinBox* side : {m_width, m_height}) {
        side->setRange(kSmallestSide, kLargestPicture);
        side->setSuffix(tr(" px"));
        connect(side, &QSpinBox::valueChanged, this, &SceneExportDialog::tellSize);
    }
    m_scale->setRange(1, 8);
    m_scale->setSuffix(QStringLiteral(" ×"));
    m_scale->setToolTip(tr("How large text and lines are: 1 as on a plain screen"));
    m_ground->addItems({tr("Of the theme"), tr("Transparent")});
    m_part->addItems({tr("What is on screen"), tr("All of it")});
    m_legend->setChecked(true);
    m_caption->setChecked(true);

    auto* sides = new QHBoxLayout;
    sides->addWidget(m_width);
    sides->addWidget(new QLabel(QStringLiteral("×")));
    sides->addWidget(m_height);
    auto* form = new QFormLayout(this);
    form->addRow(tr("Size"), m_presets);
    form->addRow(QString(), sides);
    form->addRow(tr("Text and lines"), m_scale);
    form->addRow(tr("Shows"), m_part);
    form->addRow(tr("Background"), m_ground);
    form->addRow(QString(), m_legend);
    form->addRow(QString(), m_caption);
    form->addRow(QString(), m_told);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
    connect(m_presets, &QComboBox::activated, this, &SceneExportDialog::choosePreset);
    choosePreset(0);
}

void SceneExportDialog::choosePreset(int index) {
    if (index > static_cast<int>(std::size(kPresets))) {
        m_width->setFocus();
        return;
    }
    const QSize size = index == 0 ? m_pane * 2 : kPresets[index - 1];
    m_width->setValue(size.width());
    m_height->setValue(size.height());
    m_scale->setValue(std::max(1, qRound(static_cast<double>(size.width()) / std::max(1, m_pane.width()))));
}

void SceneExportDialog::tellSize() {
    const double pixels = static_cast<double>(m_width->value()) * m_height->value();
    QString words = tr("%1 megapixels, written row by row").arg(pixels / 1e6, 0, 'f', pixels < 1e7 ? 1 : 0);
    if (pixels > kLargePixels) {
        words += tr(": minutes of work, and not every program opens it");
    }
    m_told->setText(words);
}

QSize SceneExportDialog::pixels() const {
    return {m_width->value(), m_height->value()};
}

double SceneExportDialog::scale() const {
    return m_scale->value();
}

bool SceneExportDialog::transparent() const {
    return m_ground->currentIndex() == 1;
}

bool SceneExportDialog::legend() const {
    return m_legend->isChecked();
}

bool SceneExportDialog::caption() const {
    return m_caption->isChecked();
}

bool SceneExportDialog::asOnScreen() const {
    return m_part->currentIndex() == 0;
}

} // namespace atlas::widgets
