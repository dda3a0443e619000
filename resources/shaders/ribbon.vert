#version 330 core
// A ribbon as a strip of 24 parts: an instance each, its numbers in a row of `ribbons`:
// (x0, y0, x1, y1), (half width, alpha, dash, phase), (r, g, b, dash period), (dash half width, dash tone, -, -);
// device pixels, y down.
uniform sampler2D ribbons;
uniform ivec2 pane;
flat out vec4 ends;
flat out vec4 shape;
flat out vec4 ink;
flat out vec2 dashes;
out vec2 pixel;
const float kParts = 24.0;
void main() {
    ends = texelFetch(ribbons, ivec2(0, gl_InstanceID), 0);
    shape = texelFetch(ribbons, ivec2(1, gl_InstanceID), 0);
    ink = texelFetch(ribbons, ivec2(2, gl_InstanceID), 0);
    dashes = texelFetch(ribbons, ivec2(3, gl_InstanceID), 0).xy;
    float u = float(gl_VertexID >> 1) / kParts;
    float side = float(gl_VertexID & 1) * 2.0 - 1.0;
    vec2 way = ends.zw - ends.xy;
    float slope = way.x * 6.0 * u * (1.0 - u) / way.y;
    // A little wider than the ribbon: the edge is smoothed, and the strip cuts corners of the curve.
    float reach = (shape.x + 1.5) * sqrt(1.0 + slope * slope) + abs(way.x) * 0.004;
    pixel = vec2(ends.x + way.x * u * u * (3.0 - 2.0 * u) + side * reach, ends.y + way.y * u);
    vec2 unit = pixel / vec2(pane) * 2.0 - 1.0;
    gl_Position = vec4(unit.x, -unit.y, 0.0, 1.0);
}
