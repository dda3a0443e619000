# Compiles a data file into the library as a string, for constants that belong to the code's version and not to a
# user's folder. atlas_embed(OUT_VAR path/to/file.yaml symbol) puts the generated source's path in OUT_VAR; it defines
# `extern const char* const symbol` in namespace atlas::embedded.
function(atlas_embed out file symbol)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} ATLAS_EMBEDDED_TEXT)
    set(ATLAS_EMBEDDED_SYMBOL ${symbol})
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
    configure_file(${CMAKE_SOURCE_DIR}/resources/cmake/embedded.cpp.in ${generated} @ONLY)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()
