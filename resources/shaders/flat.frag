#version 330 core
uniform vec3 flatColour;
out vec4 colour;
void main() { colour = vec4(flatColour, 1.0); }
