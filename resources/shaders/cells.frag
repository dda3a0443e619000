// The racks of one hall: a pixel finds its cell through one table along x and one along y, as the raster
// painter does. PATTERNED is defined where cells are large enough to carry the mark of their state.
uniform usampler2D axes; // row 0 along x, row 1 along y: cell | weight << 16 | place << 25
uniform sampler2D cells; // colour; alpha is the pattern
uniform sampler2D masks; // kPatternSize wide, a square a pattern
uniform ivec2 origin;    // of the hall's first pixel
uniform vec3 floorColour;
uniform float patternShare; // how far the marks have come in
in vec2 pixel;
out vec4 colour;
void main() {
    ivec2 p = ivec2(pixel) - origin;
    uint x = texelFetch(axes, ivec2(p.x, 0), 0).r;
    uint y = texelFetch(axes, ivec2(p.y, 1), 0).r;
    uint weight = (((x >> 16) & 0x1ffu) * ((y >> 16) & 0x1ffu)) >> 8;
    vec4 cell = texelFetch(cells, ivec2(x & 0xffffu, y & 0xffffu), 0);
#ifdef PATTERNED
    int pattern = int(cell.a * 255.0 + 0.5);
    float mask = texelFetch(masks, ivec2(x >> 25, (y >> 25) + uint(pattern * 64)), 0).r;
    weight = (weight * uint(mix(1.0, mask, patternShare) * 255.0 + 1.5)) >> 8;
#endif
    colour = vec4(mix(floorColour, cell.rgb, float(weight) / 256.0), 1.0);
}
