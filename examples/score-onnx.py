# python score-onnx.py model.onnx CLASS < numbers of one example as text: the logit of one class, and whether it exceeds the class's threshold.
import json, sys
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])
metadata = session.get_modelmeta().custom_metadata_map
index = json.loads(metadata["classes"]).index(sys.argv[2])
threshold = json.loads(metadata["thresholds"])[index]
shape = [1] + session.get_inputs()[0].shape[1:]
example = np.array(sys.stdin.read().replace(",", " ").split(), dtype=np.float32).reshape(shape)
logit = float(session.run(["logit"], {"example": example, "class": np.array([index])})[0][0, 0])
print(logit, "" if threshold is None else logit > float(str(threshold).replace("Infinity", "inf")))
