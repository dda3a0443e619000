#pragma once
namespace atlas::scenes {
class GlFloor {};
} // namespace atlas::scenes
