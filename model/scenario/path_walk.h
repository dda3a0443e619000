// Walks a described value and keeps the path of each field: the base of visiting and setting.
#pragma once

#include "model/scenario/fields.h"

namespace atlas::scenario {

class PathWalk : public Fields {
public:
    void measure(std::string_view, double&, const MeasureField&) override {}
    void integer(std::string_view, std::int64_t&, std::int64_t, std::int64_t, const WordField&) override {}
    void flag(std::string_view, bool&, const WordField&) override {}
    void text(std::string_view, std::string&, const WordField&) override {}
    void month(std::string_view, Month&, const WordField&) override {}
    void choice(std::string_view, int&, std::span<const std::string_view>, const WordField&) override {}
    void reference(std::string_view, std::string&, Refers, const WordField&) override {}
    void shares(std::string_view, std::vector<double>&, const WordField&) override {}

    void group(std::string_view key, std::string_view,
               const std::function<void(Fields&)>& describe) override {
        const Step step(*this, key);
        describe(*this);
    }
    void table(std::string_view key, const Items& items, const TableField&) override {
        const Step step(*this, key);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (enters(items.id(i))) {
                const Step entry(*this, items.id(i));
                items.describe(*this, i);
            }
        }
    }
    void list(std::string_view key, const Items& items, const WordField&) override {
        const Step step(*this, key);
        for (std::size_t i = 0; i < items.size(); ++i) {
            const Step entry(*this, std::to_string(i + 1));
            items.describe(*this, i);
        }
    }

protected:
    /// Whether the walk goes into the entry `id` of the table at path().
    [[nodiscard]] virtual bool enters(const std::string& id) const {
        (void)id;
        return true;
    }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::string pathOf(std::string_view key) const {
        return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
    }

private:
    class Step {
    public:
        Step(PathWalk& walk, std::string_view key)
            : m_walk(walk)
            , m_length(walk.m_path.size()) {
            walk.m_path = walk.pathOf(key);
        }
        ~Step() { m_walk.m_path.resize(m_length); }
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

    private:
        PathWalk& m_walk;
        std::size_t m_length;
    };

    std::string m_path;
};

} // namespace atlas::scenario
