// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Pointer;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the {@link Mount}s of a document: "Mounts" of config.md. */
final class MountBinding {

    /** Of a thousand mounts most have the same few lists of options. */
    private final Map<List<String>, MountOptions> known = new HashMap<>();

    private final List<Placed> placed = new ArrayList<>();

    /** A mount, with problems or without, and where it is in the document. */
    record Placed(Pointer at, Mount mount) {}

    Mount mount(Members json) {
        Mount mount = new Mount(
                json.requiredString("destination"),
                json.string("type"),
                json.string("source"),
                options(json.stringsInTheirPlaces("options")),
                json.objects("uidMappings", LinuxBinding::idMapping),
                json.objects("gidMappings", LinuxBinding::idMapping));
        MountChecks.check(mount, json);
        placed.add(new Placed(json.at(), mount));
        return mount;
    }

    /** All that there are; a list of those without problems has others at their indices. */
    List<Placed> placed() {
        return placed;
    }

    private MountOptions options(List<String> written) {
        MountOptions options = known.get(written);
        if (options == null) {
            options = MountOptions.of(written);
            known.put(options.written(), options);
        }
        return options;
    }
}
