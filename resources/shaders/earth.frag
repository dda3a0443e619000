#version 330 core
// The Earth in perspective: as scenes/earth.cpp shades it.
const float kPi = 3.14159265;
const float kTwilight = 0.139;
const float kAirScale = 0.011;
const float kAirGlow = 0.62;
const float kRimGlow = 0.75;
const float kNoonLift = 0.34;
const float kGraticuleStep = 15.0;
const float kGraticule = 0.16;

uniform vec3 eye; // radii of the Earth
uniform vec3 forward, right, up, sun;
uniform vec2 middle; // of the pane, device pixels
uniform float focal; // device pixels
uniform float greenwich;
uniform float air; // height to which air is drawn, radii
uniform vec3 space, seaDay, landDay, seaNight, landNight, lineColour, airColour;
uniform sampler2D land;
uniform ivec2 cells;
in vec2 pixel;
out vec4 colour;

float daylight(float sine) { return smoothstep(-kTwilight, kTwilight, sine); }

float cell(int column, int row) { return texelFetch(land, ivec2(column, row), 0).r; }

float landAt(float lon, float lat) {
    float u = fract(lon / (2.0 * kPi) + 0.5) * float(cells.x) - 0.5;
    float v = clamp((0.5 - lat / kPi) * float(cells.y) - 0.5, 0.0, float(cells.y) - 1.001);
    int left = int(floor(u));
    int top = int(v);
    int a = left < 0 ? cells.x - 1 : left;
    int b = left + 1 >= cells.x ? 0 : left + 1;
    vec2 at = vec2(u - float(left), v - float(top));
    return mix(mix(cell(a, top), cell(b, top), at.x), mix(cell(a, top + 1), cell(b, top + 1), at.x), at.y);
}

float lineAt(float angle, float width) {
    float d = degrees(angle);
    float off = abs(d - kGraticuleStep * round(d / kGraticuleStep));
    return 1.0 - smoothstep(0.3 * width, 1.1 * width, off);
}

vec3 ground(vec3 ray, float closest, vec3 foot, float away) {
    float depth = sqrt(max(0.0, 1.0 - away * away));
    vec3 n = normalize(foot - ray * depth);
    float facing = max(0.0, -dot(n, ray));
    float height = dot(n, sun);
    float day = daylight(height);
    float lat = asin(clamp(n.z, -1.0, 1.0));
    float lon = atan(n.y, n.x) - greenwich;
    float share = smoothstep(0.35, 0.65, landAt(lon, lat));
    float noon = 1.0 - kNoonLift + kNoonLift * sqrt(max(0.0, height));
    vec3 result = mix(mix(seaNight, landNight, share), mix(seaDay, landDay, share) * noon, day);
    float grain = degrees((closest - depth) / focal / max(facing, 0.15));
    float across = sqrt(max(0.0, 1.0 - n.z * n.z));
    float line = max(lineAt(lon, grain / max(across, 0.05)), lineAt(lat, grain));
    result = mix(result, lineColour, kGraticule * line * smoothstep(0.12, 0.5, facing));
    float rim = 1.0 - facing;
    return mix(result, airColour, kRimGlow * rim * rim * rim * day);
}

void main() {
    vec2 off = pixel - middle;
    vec3 ray = normalize(forward * focal + right * off.x - up * off.y);
    float closest = -dot(eye, ray);
    vec3 foot = eye + ray * closest;
    float away = length(foot);
    vec3 result = space;
    if (closest > 0.0 && away <= 1.0 + air) {
        float covered = clamp((1.0 - away) * focal / closest + 0.5, 0.0, 1.0);
        if (covered < 1.0) {
            float glow = kAirGlow * exp(-max(0.0, away - 1.0) / kAirScale);
            result = mix(result, airColour, glow * daylight(dot(foot, sun) / away));
        }
        if (covered > 0.0)
            result = mix(result, ground(ray, closest, foot, away), covered);
    }
    colour = vec4(result, 1.0);
}
