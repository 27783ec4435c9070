// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import java.util.List;

/**
 * The devices that a rule is about.
 *
 * @param major 0…2<sup>32</sup>−2, or {@link #ANY}
 * @param minor as {@code major}
 */
public record DeviceNumbers(DeviceType type, long major, long minor) implements Comparable<DeviceNumbers> {
    public static final long ANY = -1;

    /** To the kernel, 2<sup>32</sup>−1 means any. */
    static final long MAXIMUM = 0xffff_fffeL;

    /** Whether every device of {@code other} is one of these. */
    boolean contain(DeviceNumbers other) {
        return type == other.type && (major == ANY || major == other.major) && (minor == ANY || minor == other.minor);
    }

    /** Whether some device is one of these and of {@code other}. */
    boolean meet(DeviceNumbers other) {
        return type == other.type
                && (major == ANY || other.major == ANY || major == other.major)
                && (minor == ANY || other.minor == ANY || minor == other.minor);
    }

    boolean areOneDevice() {
        return major != ANY && minor != ANY;
    }

    /** All others that contain these. */
    List<DeviceNumbers> wider() {
        if (areOneDevice()) {
            return List.of(
                    new DeviceNumbers(type, ANY, ANY),
                    new DeviceNumbers(type, ANY, minor),
                    new DeviceNumbers(type, major, ANY));
        }
        return major == ANY && minor == ANY ? List.of() : List.of(new DeviceNumbers(type, ANY, ANY));
    }

    /** By type; what is for any number comes first. */
    @Override
    public int compareTo(DeviceNumbers other) {
        if (type != other.type) {
            return type.compareTo(other.type);
        }
        return major != other.major ? Long.compare(major, other.major) : Long.compare(minor, other.minor);
    }

    /** As the files of the devices controller write it, such as {@code c 136:*}. */
    @Override
    public String toString() {
        return type.letter() + " " + text(major) + ":" + text(minor);
    }

    private static String text(long number) {
        return number == ANY ? "*" : Long.toString(number);
    }
}
