// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.MountRoot;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.OwnDirectories.OwnDirectory;
import dev.jrun.json.JsonReader;
import dev.jrun.json.JsonWriter;
import dev.jrun.json.MalformedJsonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link ContainerPlaces} as JSON: members of a container's record. */
public final class PlacesFormat {

    private PlacesFormat() {}

    public static void write(JsonWriter json, ContainerPlaces places) {
        json.name("cgroupDriver").value(places.driver().word());
        if (places.unit().isPresent()) {
            json.name("unit").value(places.unit().get());
        }
        if (places.invocation().isPresent()) {
            json.name("invocation").value(places.invocation().get());
        }
        writeCgroup(json, places.cgroup());
        if (places.delegated().isPresent()) {
            json.name("delegated").value(places.delegated().get());
        }
        if (!places.resctrl().isEmpty()) {
            json.name("resctrl")
                    .values(places.resctrl().stream().map(Path::toString).toList());
        }
        if (places.own().areKnown() || !places.own().all().isEmpty()) {
            writeOwn(json, places.own());
        }
    }

    private static void writeCgroup(JsonWriter json, CgroupDirectories cgroup) {
        json.name("cgroup").beginObject();
        if (cgroup.unified().isPresent()) {
            json.name("unified").value(cgroup.unified().get().toString());
        }
        json.name("legacy").beginObject();
        for (Map.Entry<String, Path> hierarchy : cgroup.legacy().entrySet()) {
            json.name(hierarchy.getKey()).value(hierarchy.getValue().toString());
        }
        json.endObject();
        json.endObject();
    }

    private static void writeOwn(JsonWriter json, OwnDirectories own) {
        json.name("own").beginObject();
        json.name("boot").value(own.boot());
        json.name("directories").beginArray();
        for (OwnDirectory directory : own.all()) {
            json.beginObject();
            json.name("path").value(directory.path().toString());
            json.name("inode").value(directory.inode());
            json.name("made").value(directory.made());
            json.name("mountPoint").value(directory.root().mountPoint().toString());
            json.name("mounted").value(directory.root().identity());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    /** One reading of what {@link #write} wrote, among the members of others. */
    public static final class Reader {

        private final JsonReader json;
        /** Older versions had no other, and have not said so. */
        private CgroupDriver.Kind driver = CgroupDriver.Kind.CGROUPFS;

        private CgroupDirectories cgroup = CgroupDirectories.NONE;
        private List<Path> resctrl = List.of();
        private OwnDirectories own = OwnDirectories.NONE;
        private Optional<String> unit = Optional.empty();
        private Optional<String> invocation = Optional.empty();
        private Optional<String> delegated = Optional.empty();

        public Reader(JsonReader json) {
            this.json = json;
        }

        /** What was read. */
        public ContainerPlaces places() {
            return new ContainerPlaces(driver, cgroup, resctrl, own, unit, invocation, delegated);
        }

        /** Of which start of the machine the directories are; empty if that is not known. */
        public String boot() {
            return own.boot();
        }

        /** Reads the value of the member that the document is at, or skips one that says nothing here. */
        public void read() throws MalformedJsonException {
            switch (json.name()) {
                case "cgroupDriver" -> driver = driver(json.text());
                case "unit" -> unit = Optional.of(json.text());
                case "invocation" -> invocation = Optional.of(json.text());
                case "cgroup" -> cgroup = cgroup();
                case "delegated" -> delegated = Optional.of(json.text());
                case "resctrl" -> resctrl = json.texts().stream().map(Path::of).toList();
                case "own" -> own = own();
                default -> json.skip();
            }
        }

        private static CgroupDriver.Kind driver(String word) {
            Optional<CgroupDriver.Kind> kind = CgroupDriver.Kind.of(word);
            if (kind.isEmpty()) {
                throw new IllegalStateException(
                        "its cgroup was made by the driver \"" + word + "\", which this version does not have");
            }
            return kind.get();
        }

        private CgroupDirectories cgroup() throws MalformedJsonException {
            Optional<Path> unified = Optional.empty();
            SortedMap<String, Path> legacy = new TreeMap<>();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "unified" -> unified = Optional.of(Path.of(json.text()));
                    case "legacy" ->
                        json.textsByName().forEach((controllers, path) -> legacy.put(controllers, Path.of(path)));
                    default -> json.skip();
                }
            }
            return new CgroupDirectories(unified, legacy);
        }

        private OwnDirectories own() throws MalformedJsonException {
            String boot = "";
            List<OwnDirectory> directories = new ArrayList<>();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "boot" -> boot = json.text();
                    case "directories" -> readOwn(directories);
                    default -> json.skip();
                }
            }
            return new OwnDirectories(boot, directories).recorded();
        }

        private void readOwn(List<OwnDirectory> directories) throws MalformedJsonException {
            while (json.nextObject()) {
                directories.add(ownDirectory());
            }
        }

        private OwnDirectory ownDirectory() throws MalformedJsonException {
            String path = "";
            long inode = 0;
            boolean made = false;
            MountRoot root = MountRoot.UNSAID;
            while (json.nextMember()) {
                switch (json.name()) {
                    case "path" -> path = json.text();
                    case "inode" -> inode = json.number();
                    case "made" -> made = json.truth();
                    case "mountPoint" -> root = new MountRoot(Path.of(json.text()), root.identity());
                    case "mounted" -> root = new MountRoot(root.mountPoint(), json.text());
                    default -> json.skip();
                }
            }
            return new OwnDirectory(Path.of(path), inode, made, root);
        }
    }
}
