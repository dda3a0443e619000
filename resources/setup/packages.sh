# Sourced by ./run and ./test: makes sure that what they need is installed, and says what it does.
# On a system without apt it prints the packages for the usual others and stops.

build_packages=(
    g++ cmake ninja-build
    qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev libqt6svg6
    libyaml-cpp-dev libtbb-dev nlohmann-json3-dev libcli11-dev librandom123-dev libxlsxwriter-dev zlib1g-dev
    libgl1-mesa-dri fonts-dejavu-core
)
test_packages=(xvfb xauth libbenchmark-dev poppler-utils)
check_packages=(clang-format)

other_systems() {
    cat >&2 <<'EOF'
Colossus Atlas installs its own needs only where there is apt (Debian 12 or later, Ubuntu 23.04 or later).
Install these yourself, then run again with ATLAS_PACKAGES=have in the environment:

  Fedora    sudo dnf install gcc-c++ cmake ninja-build qt6-qtbase-devel qt6-qtcharts-devel qt6-qtsvg-devel \
                yaml-cpp-devel tbb-devel json-devel cli11-devel random123-devel libxlsxwriter-devel zlib-devel \
                google-benchmark-devel xorg-x11-server-Xvfb mesa-dri-drivers poppler-utils clang-tools-extra
  Arch      sudo pacman -S --needed gcc cmake ninja qt6-base qt6-charts qt6-svg yaml-cpp onetbb nlohmann-json \
                cli11 libxlsxwriter zlib benchmark xorg-server-xvfb poppler clang     (and random123 from the AUR)
  macOS     brew install cmake ninja qt yaml-cpp tbb nlohmann-json cli11 libxlsxwriter zlib google-benchmark \
                poppler clang-format     (and the headers of random123)
  Windows   vcpkg install qtbase qtcharts qtsvg yaml-cpp tbb nlohmann-json cli11 random123 libxlsxwriter zlib benchmark
EOF
}

# ensure_packages NAME... : installs what is missing of the named packages.
ensure_packages() {
    [ "${ATLAS_PACKAGES:-}" = have ] && return 0
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        other_systems
        exit 1
    fi
    local installed missing=() package
    installed=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p' | tr '\n' ' ')"
    for package in "$@"; do
        [[ "$installed" == *" $package "* ]] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing ${#missing[@]} missing packages: ${missing[*]}" >&2
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "This needs root. Run as root: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update -q &&
           "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
               apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -20 "$log" >&2
        echo "The installation failed; the whole log is in $log" >&2
        exit 1
    fi
    rm -f "$log"
}
