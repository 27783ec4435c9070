// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.spec.MountFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file system to be mounted.
 *
 * @param type as in filesystems(5)
 * @param source what mountinfo shows
 * @param superblock flags of the file system itself; "superblock flags" in mount(2)
 * @param flags flags of the mount
 * @param data options that are the file system's own
 */
record Filesystem(String type, String source, Set<MountFlag> superblock, Set<MountFlag> flags, List<Parameter> data) {

    /**
     * An option.
     *
     * @param pointer of what asks for it in config.json
     * @param text a name, or name=value
     */
    record Parameter(String pointer, String text) {

        /** The name. */
        String key() {
            int equals = text.indexOf('=');
            return equals < 0 ? text : text.substring(0, equals);
        }

        boolean hasValue() {
            return text.indexOf('=') >= 0;
        }

        /** With the value in quotes, since that of an SELinux context may have commas. */
        String quoted() {
            return key() + "=\"" + value() + '"';
        }

        /** What is behind the equals sign. */
        String value() {
            return text.substring(text.indexOf('=') + 1);
        }
    }

    Filesystem {
        data = List.copyOf(data);
    }

    /** One with a superblock that nothing else uses. */
    static Filesystem own(String type, String source, Set<MountFlag> flags, List<Parameter> data) {
        Set<MountFlag> superblock = EnumSet.copyOf(MountFlag.OF_FILE_SYSTEM);
        superblock.retainAll(flags);
        return new Filesystem(type, source, superblock, flags, data);
    }

    /** One that shares its superblock with others: the superblock's flags are left alone. */
    static Filesystem shared(String type, String source, Set<MountFlag> flags, List<Parameter> data) {
        return new Filesystem(type, source, Set.of(), flags, data);
    }

    /** Options that {@code pointer} as a whole asks for. */
    static List<Parameter> parameters(String pointer, List<String> texts) {
        List<Parameter> parameters = new ArrayList<>();
        for (String text : texts) {
            parameters.add(new Parameter(pointer, text));
        }
        return parameters;
    }

    /** The options as mount(2) takes them. */
    String joined() {
        StringBuilder joined = new StringBuilder();
        for (Parameter parameter : data) {
            if (!joined.isEmpty()) {
                joined.append(',');
            }
            joined.append(parameter.key().equals("context") ? parameter.quoted() : parameter.text());
        }
        return joined.toString();
    }
}
