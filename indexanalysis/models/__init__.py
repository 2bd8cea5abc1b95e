from indexanalysis.models.assessments import Answer, Assessment, IndexReport, Round
from indexanalysis.models.recommendations import Recommendation

__all__ = ["Answer", "Assessment", "IndexReport", "Recommendation", "Round"]
