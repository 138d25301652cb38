# debian_source NAME: fetches the source package into the current directory. The machine's own lists of packages stay as they are.
debian_source() {
  local name=$1 lists=$PWD/lists
  local options=(-o "Dir::State::lists=$lists" -o Dir::Etc::sourcelist="$PWD/source.sources" -o Dir::Etc::sourceparts=/nonexistent -o APT::Sandbox::User=root)
  mkdir -p "$lists/partial"
  printf 'Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" >source.sources
  apt-get "${options[@]}" update
  apt-get "${options[@]}" source --download-only "$name"
  rm -rf "$lists"
}
