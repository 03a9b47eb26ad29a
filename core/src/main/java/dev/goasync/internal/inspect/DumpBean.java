package dev.goasync.internal.inspect;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.LoopDump;
import java.lang.management.ManagementFactory;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * The management bean {@code dev.goasync:type=Diagnostics}: dumps for tools such as JConsole. The
 * only class that needs the module java.management.
 */
final class DumpBean implements DynamicMBean {
  static final String NAME = "dev.goasync:type=Diagnostics";

  private static final MBeanParameterInfo[] NO_PARAMETERS = {};

  private static final MBeanOperationInfo[] OPERATIONS = {
    operation("dump", "What all coroutines do and wait for, as a tree"),
    operation("dumpWithStacks", "The same with the stacks of the coroutines"),
    operation("dumpJson", "The same as JSON, without stacks")
  };

  private static final MBeanAttributeInfo[] ATTRIBUTES = {
    attribute("Loops", "java.lang.Integer", "The number of event loops"),
    attribute("Coroutines", "java.lang.Integer", "The number of coroutines that have not ended"),
    attribute("Findings", "[Ljava.lang.String;", "What stands still and why")
  };

  private DumpBean() {}

  /** Registers the bean with the platform's server. */
  static void register() throws JMException {
    var _ =
        ManagementFactory.getPlatformMBeanServer()
            .registerMBean(new DumpBean(), new ObjectName(NAME));
  }

  private static MBeanOperationInfo operation(String name, String description) {
    return new MBeanOperationInfo(
        name, description, NO_PARAMETERS, "java.lang.String", MBeanOperationInfo.INFO);
  }

  private static MBeanAttributeInfo attribute(String name, String type, String description) {
    return new MBeanAttributeInfo(name, type, description, true, false, false);
  }

  @Override
  public Object invoke(String action, Object[] parameters, String[] signature)
      throws ReflectionException {
    DumpOptions standard = DumpOptions.standard();
    return switch (action) {
      case "dump" -> Diagnostics.dump(standard).toString();
      case "dumpWithStacks" -> Diagnostics.dump(standard.withStacks()).toString();
      case "dumpJson" -> Diagnostics.dump(standard).toJson();
      default -> throw new ReflectionException(new NoSuchMethodException(action));
    };
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException {
    Dump dump = Diagnostics.dump(DumpOptions.standard().withMaxTasks(0));
    return switch (name) {
      case "Loops" -> dump.loops().size();
      case "Coroutines" -> dump.loops().stream().mapToInt(LoopDump::coroutines).sum();
      case "Findings" -> dump.findings().toArray(String[]::new);
      default -> throw new AttributeNotFoundException(name);
    };
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    AttributeList values = new AttributeList();
    for (String name : names) {
      try {
        values.add(new Attribute(name, getAttribute(name)));
      } catch (AttributeNotFoundException unknown) {
        // left out, as the interface demands
      }
    }
    return values;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException("no attribute can be set: " + attribute.getName());
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    return new MBeanInfo(
        DumpBean.class.getName(),
        "Dumps of event loops and coroutines",
        ATTRIBUTES,
        null,
        OPERATIONS,
        null);
  }
}
