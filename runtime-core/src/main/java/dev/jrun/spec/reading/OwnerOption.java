// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mount option for the owner of a new file system, {@code uid=} or {@code gid=}: tmpfs(5), and "Mount options for
 * devpts" of mount(8). The kernel takes the id for one of the user namespace that mounts, and says EINVAL if that does
 * not map it.
 *
 * @param isGroup whether it is {@code gid=}
 * @param id in the container
 */
public record OwnerOption(boolean isGroup, long id) {

    private static final List<String> TYPES = List.of("tmpfs", "devpts");

    /** In decimal: what the kernel would read as octal or hexadecimal is left to it. */
    private static final Pattern OPTION = Pattern.compile("([ug]id)=(0|[1-9][0-9]{0,9})");

    /** What {@code option}, one of the options of {@code mount}, says; empty if it is about anything else. */
    public static Optional<OwnerOption> of(Mount mount, String option) {
        Matcher matcher = OPTION.matcher(option);
        if (!TYPES.contains(mount.type().orElse(""))
                || !matcher.matches()
                || mount.options().bind() != MountOptions.Bind.NO) {
            return Optional.empty();
        }
        return Optional.of(new OwnerOption(matcher.group(1).equals("gid"), Long.parseLong(matcher.group(2))));
    }

    /** Whether one of the ranges for ids of this kind has it. */
    boolean isMapped(Linux linux) {
        List<IdMapping> mappings = isGroup ? linux.gidMappings() : linux.uidMappings();
        return IdMapping.hostId(mappings, id).isPresent();
    }

    /** {@code gid 5 is not mapped in the container's user namespace}. */
    public String unmapped() {
        return (isGroup ? "gid " : "uid ") + id + " is not mapped in the container's user namespace";
    }
}
