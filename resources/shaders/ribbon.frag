#version 330 core
// The same closed form as the raster painter: distance from the middle line, dashes along it.
flat in vec4 ends;
flat in vec4 shape;
flat in vec4 ink;
flat in vec2 dashes; // half width, tone
in vec2 pixel;
out vec4 colour;
void main() {
    vec2 way = ends.zw - ends.xy;
    float u = clamp((pixel.y - ends.y) / way.y, 0.0, 1.0);
    float slope = way.x * 6.0 * u * (1.0 - u) / way.y;
    float middle = ends.x + way.x * u * u * (3.0 - 2.0 * u);
    float distance = abs(pixel.x - middle) * inversesqrt(1.0 + slope * slope);
    float coverage = clamp(shape.x + 0.5 - distance, 0.0, 1.0);
    float place = fract((u * length(way) - shape.w) / ink.w);
    float dash = clamp(3.0 - abs(place - 0.5) * 12.0, 0.0, 1.0);
    if (shape.z < 0.0) {
        float alpha = shape.y * dash * coverage;
        colour = vec4(ink.rgb * alpha, alpha);
        return;
    }
    // The body, then a fine stream in its middle.
    float body = shape.y * coverage;
    float stream = clamp(min(shape.x, dashes.x) + 0.5 - distance, 0.0, 1.0) * 0.75 * shape.z * dash *
                   (0.4 + 0.6 * shape.y);
    vec3 light = mix(ink.rgb, vec3(dashes.y), 0.45);
    colour = vec4(light * stream + ink.rgb * body * (1.0 - stream), stream + body * (1.0 - stream));
}
