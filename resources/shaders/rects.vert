#version 330 core
// Rectangles of device pixels, y down, from a buffer of corners.
layout(location = 0) in vec2 corner;
uniform ivec2 pane; // width, height
out vec2 pixel;
void main() {
    pixel = corner;
    vec2 unit = corner / vec2(pane) * 2.0 - 1.0;
    gl_Position = vec4(unit.x, -unit.y, 0.0, 1.0);
}
