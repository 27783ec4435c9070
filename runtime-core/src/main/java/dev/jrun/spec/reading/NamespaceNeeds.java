// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.json.Pointer;
import dev.jrun.spec.Config;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Linux.NetDevice;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountIdMappings;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.reading.MountBinding.Placed;
import java.util.HashSet;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that settings go to a namespace of the container and not to the host: what a namespace isolates may be set
 * only if the container has (or joins) one of that type.
 */
final class NamespaceNeeds {
    private static final Pointer LINUX = Pointer.DOCUMENT.member("linux");
    private static final Pointer NAMESPACES = LINUX.member("namespaces");

    private final Config config;
    private final Linux linux;
    private final List<Placed> mounts;
    private final ProblemCollector report;
    private final boolean areKnown;

    private NamespaceNeeds(Config config, List<Placed> mounts, ProblemCollector report) {
        this.config = config;
        this.linux = config.linux();
        this.mounts = mounts;
        this.report = report;
        this.areKnown = !areUnknown(report);
    }

    /** @param mounts all of the document's, also those that {@code config} lacks since they have problems */
    static void check(Config config, List<Placed> mounts, ProblemCollector report) {
        NamespaceNeeds needs = new NamespaceNeeds(config, mounts, report);
        needs.names();
        needs.paths();
        if (needs.areKnown) {
            needs.idMappings();
            needs.idMappedMounts();
            needs.mountsOfOwners();
            needs.ownersOfMounts();
        }
        needs.timeOffsets();
        needs.netDevices();
        needs.sysctls();
    }

    /** Without a mount namespace of its own, what is mounted for the container would be mounted on the host. */
    static void checkThatMountsStayInside(Config config, ProblemCollector report) {
        if (!areUnknown(report)
                && config.linux().namespace(Namespace.Type.MOUNT).isEmpty()) {
            report.problem(NAMESPACES, "", "a container needs a mount namespace of its own: add {\"type\": \"mount\"}");
        }
    }

    /** Whether it cannot be said which namespaces are meant. */
    private static boolean areUnknown(ProblemCollector report) {
        return report.hasProblemAtOrBelow(NAMESPACES) || report.hasProblemAt(LINUX);
    }

    private void names() {
        name("hostname", config.hostname());
        name("domainname", config.domainname());
    }

    private void name(String member, Optional<String> name) {
        if (name.isPresent() && linux.namespace(Namespace.Type.UTS).isEmpty()) {
            need(Namespace.Type.UTS, Pointer.DOCUMENT.member(member), Json.quoted(name.get()));
        }
    }

    private void paths() {
        needForAll(Namespace.Type.MOUNT, "maskedPaths", linux.maskedPaths());
        needForAll(Namespace.Type.MOUNT, "readonlyPaths", linux.readonlyPaths());
    }

    private void idMappings() {
        needForAll(Namespace.Type.USER, "uidMappings", linux.uidMappings());
        needForAll(Namespace.Type.USER, "gidMappings", linux.gidMappings());
        if (linux.namespace(Namespace.Type.USER)
                .filter(user -> user.path().isEmpty())
                .isPresent()) {
            needRoot("uidMappings", linux.uidMappings());
            needRoot("gidMappings", linux.gidMappings());
        }
    }

    /** The root file system and the mounts are made as the container's root. */
    private void needRoot(String name, List<IdMapping> mappings) {
        Pointer at = LINUX.member(name);
        if (mappings.stream().noneMatch(mapping -> mapping.containerID() == 0) && !report.hasProblemAtOrBelow(at)) {
            report.problem(
                    at,
                    mappings.isEmpty() ? "nothing" : "",
                    "required with a new user namespace: a mapping of the container's id 0");
        }
    }

    private void idMappedMounts() {
        for (Placed placed : mounts) {
            if (placed.mount().options().idmap() != MountOptions.IdMap.NO
                    && !report.hasProblemAtOrBelow(placed.at().member("options"))) {
                idMappedMount(placed.at(), placed.mount());
            }
        }
    }

    private void idMappedMount(Pointer at, Mount mount) {
        Optional<String> mappings = mount.options().idMappings();
        if (mappings.isPresent()) {
            relativeMappings(at, mount, MountIdMappings.parse(mappings.get()));
        } else if (mount.uidMappings().isEmpty()
                && !report.hasProblemAtOrBelow(at.member("uidMappings"))
                && linux.namespace(Namespace.Type.USER).isEmpty()) {
            report.problem(
                    at.member("options"),
                    "",
                    "required with idmap and ridmap: uidMappings and gidMappings of the mount, or a user namespace");
        }
    }

    /** Whether what mappings of a mount are relative to is known. */
    private void relativeMappings(Pointer at, Mount mount, MountIdMappings mappings) {
        if (report.hasProblemAtOrBelow(LINUX.member("uidMappings"))
                || report.hasProblemAtOrBelow(LINUX.member("gidMappings"))) {
            return;
        }
        try {
            mappings.users(linux.uidMappings());
            mappings.groups(linux.gidMappings());
        } catch (IllegalArgumentException e) {
            int option = MountIdMappings.optionOf(mount);
            report.problem(
                    at.member("options").element(option),
                    Json.quoted(mount.options().written().get(option)),
                    e.getMessage());
        }
    }

    /** What the kernel lets only the owner of a namespace mount, and a new user namespace owns none of the caller's. */
    private void mountsOfOwners() {
        if (!linux.makes(Namespace.Type.USER)) {
            return;
        }
        for (Placed placed : mounts) {
            Mount mount = placed.mount();
            Namespace.Type owned = switch (mount.type().orElse("")) {
                case "proc" -> Namespace.Type.PID;
                case "sysfs" -> Namespace.Type.NETWORK;
                case "mqueue" -> Namespace.Type.IPC;
                default -> Namespace.Type.USER;
            };
            if (mount.options().bind() == MountOptions.Bind.NO
                    && linux.namespace(owned).isEmpty()
                    && isOfKnownKind(placed.at())) {
                report.problem(
                        placed.at().member("type"),
                        Json.quoted(mount.type().orElse("")),
                        "in a new user namespace it needs a namespace of type %s in /linux/namespaces"
                                .formatted(owned.specName()));
            }
        }
    }

    /** Of a user namespace that is joined, the mapping is known to the kernel alone. */
    private void ownersOfMounts() {
        if (!linux.makes(Namespace.Type.USER)
                || report.hasProblemAtOrBelow(LINUX.member("uidMappings"))
                || report.hasProblemAtOrBelow(LINUX.member("gidMappings"))) {
            return;
        }
        for (Placed placed : mounts) {
            // Options of owners are the file system's own, and most mounts of a thousand have none.
            if (!placed.mount().options().data().isEmpty() && isOfKnownKind(placed.at())) {
                ownersOfMount(placed);
            }
        }
    }

    private void ownersOfMount(Placed placed) {
        List<String> options = placed.mount().options().written();
        for (int i = 0; i < options.size(); i++) {
            for (String part : MountOption.parts(options.get(i))) {
                Optional<OwnerOption> owner = OwnerOption.of(placed.mount(), part);
                if (owner.isPresent() && !owner.get().isMapped(linux)) {
                    report.problem(
                            placed.at().member("options").element(i),
                            Json.quoted(options.get(i)),
                            owner.get().unmapped());
                }
            }
        }
    }

    /** Whether it is known what is mounted there. */
    private boolean isOfKnownKind(Pointer mount) {
        return !report.hasProblemAtOrBelow(mount.member("type"))
                && !report.hasProblemAtOrBelow(mount.member("options"));
    }

    private void timeOffsets() {
        if (!linux.timeOffsets().isEmpty()) {
            Pointer at = LINUX.member("timeOffsets");
            need(Namespace.Type.TIME, at, "");
            if (linux.joins(Namespace.Type.TIME)) {
                report.problem(at, "", "needs a new time namespace: one that is joined has offsets already");
            }
        }
    }

    private void netDevices() {
        Pointer at = LINUX.member("netDevices");
        Set<String> names = new HashSet<>();
        for (Entry<String, NetDevice> entry : linux.netDevices().entrySet()) {
            String host = entry.getKey();
            if (!Syntax.INTERFACE_NAME.allows(host)) {
                report.problem(at.member(host), "", "allowed: " + Syntax.INTERFACE_NAME.allowed());
            }
            String name = entry.getValue().name().orElse(host);
            // The kernel makes different names of a template such as eth%d.
            if (!name.contains("%d") && !names.add(name)) {
                report.problem(at.member(host), "", "allowed: one device of each name in the container");
            }
        }
        if (!linux.netDevices().isEmpty()) {
            need(Namespace.Type.NETWORK, at, "");
        }
    }

    private void sysctls() {
        linux.sysctl()
                .keySet()
                .forEach(name -> sysctl(name, LINUX.member("sysctl").member(name)));
    }

    private void sysctl(String name, Pointer at) {
        SysctlName sysctl = SysctlName.of(name).orElse(null);
        if (sysctl == null) {
            report.problem(at, "", "allowed: names separated by dots or slashes, none of them empty, \".\" or \"..\"");
        } else if (sysctl.path().equals("kernel/hostname")) {
            report.problem(at, "", "it is set by the property hostname");
        } else if (sysctl.namespace().isPresent()) {
            need(sysctl.namespace().get(), at, "");
        } else {
            List<String> allowed = SysctlName.OF_IPC_NAMESPACES.stream()
                    .map(path -> path.replace('/', '.'))
                    .sorted()
                    .toList();
            report.problem(
                    at,
                    "",
                    "not allowed: it is not a setting of a namespace, but of the host; allowed: net.*, user.*,"
                            + " fs.mqueue.*, kernel.domainname, "
                            + String.join(", ", allowed),
                    Spelling.nearest(name, allowed));
        }
    }

    private void needForAll(Namespace.Type type, String name, List<?> list) {
        if (!list.isEmpty()) {
            need(type, LINUX.member(name), "");
        }
    }

    private void need(Namespace.Type type, Pointer at, String found) {
        if (areKnown && linux.namespace(type).isEmpty()) {
            report.problem(
                    at,
                    found,
                    "needs a namespace of type %s in /linux/namespaces".formatted(type.specName()),
                    Optional.empty());
        }
    }
}
