// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.spec.MountOptions.Bind;
import dev.jrun.spec.MountOptions.IdMap;
import dev.jrun.spec.MountOptions.Link;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a mount that are not the file system's own, mount(8) and "Linux mount options" of the specification's
 * config.md, and those of crun(1). Each constant is the option's name in upper case, with "_" for "-".
 */
public enum MountOption {
    DEFAULTS(new Meaning.Default()),

    BIND(new Meaning.Binds(Bind.SINGLE)),
    RBIND(new Meaning.Binds(Bind.RECURSIVE)),

    ASYNC(new Meaning.Clears(MountFlag.SYNCHRONOUS)),
    ATIME(new Meaning.Clears(MountFlag.NOATIME)),
    DEV(new Meaning.Clears(MountFlag.NODEV)),
    DIRATIME(new Meaning.Clears(MountFlag.NODIRATIME)),
    DIRSYNC(new Meaning.Sets(MountFlag.DIRSYNC)),
    EXEC(new Meaning.Clears(MountFlag.NOEXEC)),
    IVERSION(new Meaning.Sets(MountFlag.I_VERSION)),
    LAZYTIME(new Meaning.Sets(MountFlag.LAZYTIME)),
    LOUD(new Meaning.Clears(MountFlag.SILENT)),
    MAND(new Meaning.Sets(MountFlag.MANDLOCK)),
    NOATIME(new Meaning.Sets(MountFlag.NOATIME)),
    NODEV(new Meaning.Sets(MountFlag.NODEV)),
    NODIRATIME(new Meaning.Sets(MountFlag.NODIRATIME)),
    NOEXEC(new Meaning.Sets(MountFlag.NOEXEC)),
    NOIVERSION(new Meaning.Clears(MountFlag.I_VERSION)),
    NOLAZYTIME(new Meaning.Clears(MountFlag.LAZYTIME)),
    NOMAND(new Meaning.Clears(MountFlag.MANDLOCK)),
    NORELATIME(new Meaning.Clears(MountFlag.RELATIME)),
    NOSTRICTATIME(new Meaning.Clears(MountFlag.STRICTATIME)),
    NOSUID(new Meaning.Sets(MountFlag.NOSUID)),
    NOSYMFOLLOW(new Meaning.Sets(MountFlag.NOSYMFOLLOW)),
    RELATIME(new Meaning.Sets(MountFlag.RELATIME)),
    REMOUNT(new Meaning.Sets(MountFlag.REMOUNT)),
    RO(new Meaning.Sets(MountFlag.RDONLY)),
    RW(new Meaning.Clears(MountFlag.RDONLY)),
    SILENT(new Meaning.Sets(MountFlag.SILENT)),
    STRICTATIME(new Meaning.Sets(MountFlag.STRICTATIME)),
    SUID(new Meaning.Clears(MountFlag.NOSUID)),
    SYMFOLLOW(new Meaning.Clears(MountFlag.NOSYMFOLLOW)),
    SYNC(new Meaning.Sets(MountFlag.SYNCHRONOUS)),

    PRIVATE(new Meaning.Propagates(Propagation.PRIVATE)),
    RPRIVATE(new Meaning.Propagates(Propagation.RPRIVATE)),
    SLAVE(new Meaning.Propagates(Propagation.SLAVE)),
    RSLAVE(new Meaning.Propagates(Propagation.RSLAVE)),
    SHARED(new Meaning.Propagates(Propagation.SHARED)),
    RSHARED(new Meaning.Propagates(Propagation.RSHARED)),
    UNBINDABLE(new Meaning.Propagates(Propagation.UNBINDABLE)),
    RUNBINDABLE(new Meaning.Propagates(Propagation.RUNBINDABLE)),

    RATIME(new Meaning.ClearsBelow(MountAttribute.NOATIME)),
    RDEV(new Meaning.ClearsBelow(MountAttribute.NODEV)),
    RDIRATIME(new Meaning.ClearsBelow(MountAttribute.NODIRATIME)),
    REXEC(new Meaning.ClearsBelow(MountAttribute.NOEXEC)),
    RNOATIME(new Meaning.SetsBelow(MountAttribute.NOATIME)),
    RNODEV(new Meaning.SetsBelow(MountAttribute.NODEV)),
    RNODIRATIME(new Meaning.SetsBelow(MountAttribute.NODIRATIME)),
    RNOEXEC(new Meaning.SetsBelow(MountAttribute.NOEXEC)),
    RNORELATIME(new Meaning.ClearsBelow(MountAttribute.RELATIME)),
    RNOSTRICTATIME(new Meaning.ClearsBelow(MountAttribute.STRICTATIME)),
    RNOSUID(new Meaning.SetsBelow(MountAttribute.NOSUID)),
    RNOSYMFOLLOW(new Meaning.SetsBelow(MountAttribute.NOSYMFOLLOW)),
    RRELATIME(new Meaning.SetsBelow(MountAttribute.RELATIME)),
    RRO(new Meaning.SetsBelow(MountAttribute.RDONLY)),
    RRW(new Meaning.ClearsBelow(MountAttribute.RDONLY)),
    RSTRICTATIME(new Meaning.SetsBelow(MountAttribute.STRICTATIME)),
    RSUID(new Meaning.ClearsBelow(MountAttribute.NOSUID)),
    RSYMFOLLOW(new Meaning.ClearsBelow(MountAttribute.NOSYMFOLLOW)),

    RASYNC(new Meaning.ClearsOfNew(MountFlag.SYNCHRONOUS)),
    RDIRSYNC(new Meaning.SetsOfNew(MountFlag.DIRSYNC)),
    RMAND(new Meaning.SetsOfNew(MountFlag.MANDLOCK)),
    RNOMAND(new Meaning.ClearsOfNew(MountFlag.MANDLOCK)),
    RSYNC(new Meaning.SetsOfNew(MountFlag.SYNCHRONOUS)),

    TMPCOPYUP(new Meaning.CopiesUp()),

    COPY_SYMLINK(new Meaning.Treats(Link.COPIED)),
    DEST_NOFOLLOW(new Meaning.Treats(Link.DESTINATION)),
    SRC_NOFOLLOW(new Meaning.Treats(Link.SOURCE)),

    IDMAP(new Meaning.MapsIds(IdMap.SINGLE)),
    RIDMAP(new Meaning.MapsIds(IdMap.RECURSIVE));

    private static final Map<String, MountOption> BY_NAME = byName();

    private final Meaning meaning;

    MountOption(Meaning meaning) {
        this.meaning = meaning;
    }

    /** The name in config.json. */
    public String specName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Meaning meaning() {
        return meaning;
    }

    /** The option that this text names, with a value or without, if it is not file system data. */
    public static Optional<MountOption> named(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return Optional.ofNullable(BY_NAME.get(text));
        }
        MountOption option = BY_NAME.get(text.substring(0, equals));
        return option == IDMAP || option == RIDMAP ? Optional.of(option) : Optional.empty();
    }

    /** Whether an option is none of these, but the file system's own. */
    public static boolean isData(String option) {
        return named(option).isEmpty();
    }

    /**
     * What the file system gets of an option that is its own: those of several that are joined by commas, as mount(2)
     * takes them, each. A comma does not separate in quotes, or behind a backslash.
     */
    public static List<String> parts(String option) {
        if (option.indexOf(',') < 0) {
            return option.isEmpty() ? List.of() : List.of(option);
        }
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\') {
                i++;
            } else if (c == ',' && !quoted) {
                parts.add(option.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(option.substring(start));
        parts.removeIf(String::isEmpty);
        return parts;
    }

    /** The names of all options. */
    public static Collection<String> names() {
        return BY_NAME.keySet();
    }

    private static Map<String, MountOption> byName() {
        Map<String, MountOption> byName = new LinkedHashMap<>();
        for (MountOption option : values()) {
            byName.put(option.specName(), option);
        }
        return Collections.unmodifiableMap(byName);
    }

    /** What an option does. */
    public sealed interface Meaning {
        /**
         * Adds it to those of the options before.
         *
         * @param written the option as it is in config.json
         */
        void addTo(MountOptionsBuilder options, String written);

        /** Nothing that would not be so without it. */
        record Default() implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {}
        }

        /** Makes it a bind mount. */
        record Binds(Bind depth) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.bind(depth);
            }
        }

        /** Asks for a flag. */
        record Sets(MountFlag flag) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.set(flag);
            }
        }

        /** Asks for a flag's opposite. */
        record Clears(MountFlag flag) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.clear(flag);
            }
        }

        /** Changes how mount events propagate. */
        record Propagates(Propagation kind) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.propagate(kind);
            }
        }

        /** Sets an attribute on the mount and all below. */
        record SetsBelow(MountAttribute attribute) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.setBelow(attribute);
            }
        }

        /** Clears an attribute on the mount and all below. */
        record ClearsBelow(MountAttribute attribute) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.clearBelow(attribute);
            }
        }

        /**
         * Asks for a flag of the file system and of all below, which only a new one can be given: below that, there are
         * none.
         */
        record SetsOfNew(MountFlag flag) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.set(flag);
            }
        }

        /** Asks for the opposite of such a flag. */
        record ClearsOfNew(MountFlag flag) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.clear(flag);
            }
        }

        /** Copies what the destination held into the new tmpfs. */
        record CopiesUp() implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.copyUp();
            }
        }

        /** Treats a symbolic link as something else than a way to what it points to. */
        record Treats(Link link) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.treat(link);
            }
        }

        /** Maps the mount's ids. */
        record MapsIds(IdMap depth) implements Meaning {
            @Override
            public void addTo(MountOptionsBuilder options, String written) {
                options.mapIds(depth, MountOptions.valueOf(written));
            }
        }
    }
}
