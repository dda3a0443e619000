#version 330 core
// A rectangle of device pixels, y down, as a triangle strip without a vertex buffer.
uniform ivec4 rect; // x, y, width, height
uniform ivec2 pane; // width, height
out vec2 pixel;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    pixel = vec2(rect.xy) + corner * vec2(rect.zw);
    vec2 unit = pixel / vec2(pane) * 2.0 - 1.0;
    gl_Position = vec4(unit.x, -unit.y, 0.0, 1.0);
}
