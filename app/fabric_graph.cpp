#include "app/fabric_graph.h"

#include <QBuffer>
#include <QXmlStreamWriter>

#include <array>
#include <map>
#include <vector>

namespace atlas::app {

namespace {

using cluster::Cluster;
using cluster::Index;
using cluster::kNone;
using cluster::LinkGroup;
using cluster::LinkKind;
using cluster::Tier;

constexpr std::uint16_t kAllRails = 0xffff;

/// One aggregated node: a hall's GPUs, the leaves of a rail, a hall's spines, an island's cores.
struct NodeKey {
    int level = 0; ///< 0 GPUs, 1 leaves, 2 spines, 3 cores
    Index island = 0;
    Index hall = kNone;
    std::uint16_t rail = kAllRails;
    auto operator<=>(const NodeKey&) const = default;
};

struct Node {
    std::uint64_t switches = 0;
    std::uint64_t gpus = 0;
};

constexpr std::array kTiers = {"gpus", "leaf", "spine", "core"};
constexpr std::array kKinds = {"nvlink", "nic", "leaf-spine", "spine-core", "trunk"};

QString idOf(const NodeKey& key) {
    QString id = QStringLiteral("%1-i%2")
                     .arg(QLatin1String(kTiers[static_cast<std::size_t>(key.level)]))
                     .arg(key.island);
    if (key.hall != kNone) {
        id += QStringLiteral("-h%1").arg(key.hall);
    }
    if (key.rail != kAllRails) {
        id += QStringLiteral("-r%1").arg(key.rail);
    }
    return id;
}

/// The two ends of a bundle, lower end first.
std::pair<NodeKey, NodeKey> endsOf(const Cluster& cluster, const LinkGroup& group) {
    const Index hall = group.hallA != kNone ? group.hallA : group.hallB;
    const Index island = hall != kNone ? cluster.halls[hall].island : group.island;
    switch (group.kind) {
    case LinkKind::NvLink:
        return {{0, island, hall, kAllRails}, {0, island, hall, kAllRails}};
    case LinkKind::Nic:
        return {{0, island, hall, kAllRails}, {1, island, hall, group.rail}};
    case LinkKind::LeafSpine:
        return {{1, island, hall, group.rail}, {2, island, hall, kAllRails}};
    case LinkKind::SpineCore:
        return {{2, island, hall, kAllRails}, {3, island, kNone, kAllRails}};
    case LinkKind::Trunk:
        return {{3, group.island, kNone, kAllRails},
                {3, group.islandB != kNone ? group.islandB : group.island, kNone, kAllRails}};
    }
    return {};
}

std::map<NodeKey, Node> nodesOf(const Cluster& cluster) {
    std::map<NodeKey, Node> nodes;
    for (Index hall = 0; hall < cluster.halls.size(); ++hall) {
        nodes[{0, cluster.halls[hall].island, hall, kAllRails}].gpus = cluster.halls[hall].gpus.count;
    }
    for (const cluster::Switch& each : cluster.switches) {
        switch (each.tier) {
        case Tier::NvSwitch:
            ++nodes[{0, each.island, each.hall, kAllRails}].switches;
            break;
        case Tier::Leaf:
            ++nodes[{1, each.island, each.hall, each.rail}].switches;
            break;
        case Tier::Spine:
            ++nodes[{2, each.island, each.hall, kAllRails}].switches;
            break;
        case Tier::Core:
            ++nodes[{3, each.island, kNone, kAllRails}].switches;
            break;
        }
    }
    return nodes;
}

/// A bundle as an edge of the graph.
struct Edge {
    NodeKey low, high;
    QString name;
    LinkKind kind = LinkKind::Nic;
    std::uint64_t cables = 0;
    double bytesPerS = 0;
    double latencyS = 0;
    const float* load = nullptr;
};

/// GPUs to the leaves of their rails: drawn one by one in the scene, bundled here by hall and rail.
std::vector<Edge> nicEdges(const Cluster& cluster) {
    std::map<NodeKey, std::uint64_t> cables;
    for (std::size_t i = 0; i < cluster.links.size(); ++i) {
        if (cluster.links.kind[i] == LinkKind::Nic) {
            const cluster::Switch& leaf = cluster.switches[cluster.links.b[i] - cluster.gpuCount];
            cables[{1, leaf.island, leaf.hall, leaf.rail}] += cluster.links.cables[i];
        }
    }
    std::vector<Edge> edges;
    for (const auto& [leaf, count] : cables) {
        const auto& fabric = cluster.islands[leaf.island].fabric;
        Edge edge;
        edge.low = {0, leaf.island, leaf.hall, kAllRails};
        edge.high = leaf;
        edge.name = QStringLiteral("Hall %1 rail %2, GPU to leaf").arg(leaf.hall + 1).arg(leaf.rail + 1);
        edge.cables = count;
        edge.bytesPerS =
            static_cast<double>(count) * fabric.linkBytesPerS.value * fabric.effectiveThroughput.value;
        edge.latencyS = fabric.hopLatencyS.value;
        edges.push_back(edge);
    }
    return edges;
}

std::vector<Edge> edgesOf(const Cluster& cluster, const operations::Frame* frame) {
    std::vector<Edge> edges = nicEdges(cluster);
    for (std::size_t i = 0; i < cluster.linkGroups.size(); ++i) {
        const LinkGroup& group = cluster.linkGroups[i];
        const auto [low, high] = endsOf(cluster, group);
        const float* load = frame != nullptr && i < frame->linkLoad.size() ? &frame->linkLoad[i] : nullptr;
        edges.push_back({low, high, QString::fromStdString(group.name), group.kind, group.cables,
                         group.bytesPerS, group.latencyS, load});
    }
    return edges;
}

void key(QXmlStreamWriter& xml, const char* id, const char* of, const char* type) {
    xml.writeEmptyElement(QStringLiteral("key"));
    xml.writeAttribute(QStringLiteral("id"), QLatin1String(id));
    xml.writeAttribute(QStringLiteral("for"), QLatin1String(of));
    xml.writeAttribute(QStringLiteral("attr.name"), QLatin1String(id));
    xml.writeAttribute(QStringLiteral("attr.type"), QLatin1String(type));
}

void data(QXmlStreamWriter& xml, const char* name, const QString& value) {
    xml.writeStartElement(QStringLiteral("data"));
    xml.writeAttribute(QStringLiteral("key"), QLatin1String(name));
    xml.writeCharacters(value);
    xml.writeEndElement();
}

QString number(double value) {
    return QString::number(value, 'g', 9);
}

} // namespace

QByteArray fabricGraphMl(const Cluster& cluster, const operations::Frame* frame) {
    std::map<NodeKey, Node> nodes = nodesOf(cluster);
    const std::vector<Edge> edges = edgesOf(cluster, frame);
    for (const Edge& edge : edges) {
        nodes[edge.low];
        nodes[edge.high];
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QXmlStreamWriter xml(&buffer);
    xml.setAutoFormatting(true);
    xml.setAutoFormattingIndent(1);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("graphml"));
    xml.writeDefaultNamespace(QStringLiteral("http://graphml.graphdrawing.org/xmlns"));
    for (const char* name : {"tier", "island"}) {
        key(xml, name, "node", "string");
    }
    for (const char* name : {"hall", "rail", "switches", "gpus"}) {
        key(xml, name, "node", "long");
    }
    for (const char* name : {"name", "kind"}) {
        key(xml, name, "edge", "string");
    }
    key(xml, "cables", "edge", "long");
    for (const char* name : {"bytes_per_s", "latency_s", "load"}) {
        key(xml, name, "edge", "double");
    }
    xml.writeStartElement(QStringLiteral("graph"));
    xml.writeAttribute(QStringLiteral("id"), QString::fromStdString(cluster.id));
    xml.writeAttribute(QStringLiteral("edgedefault"), QStringLiteral("undirected"));
    for (const auto& [at, node] : nodes) {
        xml.writeStartElement(QStringLiteral("node"));
        xml.writeAttribute(QStringLiteral("id"), idOf(at));
        data(xml, "tier", QLatin1String(kTiers[static_cast<std::size_t>(at.level)]));
        data(xml, "island", QString::fromStdString(cluster.islands[at.island].name));
        if (at.hall != kNone) {
            data(xml, "hall", QString::number(at.hall + 1));
        }
        if (at.rail != kAllRails) {
            data(xml, "rail", QString::number(at.rail + 1));
        }
        data(xml, "switches", QString::number(node.switches));
        data(xml, "gpus", QString::number(node.gpus));
        xml.writeEndElement();
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Edge& edge = edges[i];
        xml.writeStartElement(QStringLiteral("edge"));
        xml.writeAttribute(QStringLiteral("id"), QStringLiteral("e%1").arg(i));
        xml.writeAttribute(QStringLiteral("source"), idOf(edge.low));
        xml.writeAttribute(QStringLiteral("target"), idOf(edge.high));
        data(xml, "name", edge.name);
        data(xml, "kind", QLatin1String(kKinds[static_cast<std::size_t>(edge.kind)]));
        data(xml, "cables", QString::number(edge.cables));
        data(xml, "bytes_per_s", number(edge.bytesPerS));
        data(xml, "latency_s", number(edge.latencyS));
        if (edge.load != nullptr) {
            data(xml, "load", number(static_cast<double>(*edge.load)));
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

} // namespace atlas::app
