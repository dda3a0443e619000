#version 330 core
// A picture of the pane, pixel by pixel.
uniform sampler2D image;
in vec2 pixel;
out vec4 colour;
void main() { colour = texelFetch(image, ivec2(pixel), 0); }
