// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.ByteArrayInputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.util.Map;

/**
 * Class files from before Java 6, which an AOT cache leaves out because they have no stack maps (JVMS 4.10.2). picocli
 * still ships them, and a cold start would parse and verify every one.
 */
final class OldClasses {
    /** The oldest class files that are verified by their stack maps alone (JVMS 4.10.1). */
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

    private static final int NEW_VERSION = ClassFile.JAVA_8_VERSION;

    private final Map<String, byte[]> entries;
    private final ClassFile classFile;

    /** @param entries the jar's contents by name */
    OldClasses(Map<String, byte[]> entries) {
        this.entries = entries;
        var hierarchy = ClassHierarchyResolver.ofResourceParsing(this::open)
                .orElse(ClassHierarchyResolver.defaultResolver())
                .cached();
        this.classFile = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy));
    }

    /** Replaces them by the same classes in a newer version, with stack maps. */
    void renew() {
        entries.replaceAll((name, content) -> name.endsWith(".class") ? renew(content) : content);
    }

    private byte[] renew(byte[] content) {
        ClassModel old = classFile.parse(content);
        if (old.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return content;
        }
        CodeTransform sameCode = (builder, element) -> builder.with(element);
        ClassTransform newVersion = (builder, element) ->
                builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(NEW_VERSION, 0) : element);
        return classFile.transformClass(
                old, ClassTransform.transformingMethodBodies(sameCode).andThen(newVersion));
    }

    private ByteArrayInputStream open(ClassDesc type) {
        String descriptor = type.descriptorString();
        byte[] content = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
        return content == null ? null : new ByteArrayInputStream(content);
    }
}
