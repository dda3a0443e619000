# Compile options shared by every target. Warnings are errors; results must not depend on FMA contraction,
# so that the same seed gives the same bytes in debug and release.
find_program(ATLAS_CCACHE ccache)
if(ATLAS_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${ATLAS_CCACHE})
endif()

add_library(atlas_options INTERFACE)
target_include_directories(atlas_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(atlas_options INTERFACE ATLAS_VERSION="${PROJECT_VERSION}")
target_compile_options(atlas_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -ffp-contract=off -fno-math-errno -fno-trapping-math)
if(ATLAS_SANITIZE_ADDRESS)
    # g++ 12 warns of uninitialised values inside its own std::regex when it is instrumented.
    target_compile_options(atlas_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
        -Wno-maybe-uninitialized)
    target_link_options(atlas_options INTERFACE -fsanitize=address,undefined)
elseif(ATLAS_SANITIZE_THREAD)
    target_compile_options(atlas_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
    target_link_options(atlas_options INTERFACE -fsanitize=thread)
endif()
